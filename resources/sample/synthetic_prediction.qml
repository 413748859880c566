<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<qgis hasScaleBasedVisibilityFlag="0" maxScale="0" styleCategories="AllStyleCategories" version="3.22.16-Białowieża" minScale="1e+08">
  <flags>
    <Identifiable>1</Identifiable>
    <Removable>1</Removable>
    <Searchable>1</Searchable>
    <Private>0</Private>
  </flags>
  <temporal fetchMode="0" enabled="0" mode="0">
    <fixedRange>
      <start></start>
      <end></end>
    </fixedRange>
  </temporal>
  <customproperties>
    <Option type="Map">
      <Option name="identify/format" type="QString" value="Value"/>
    </Option>
  </customproperties>
  <pipe-data-defined-properties>
    <Option type="Map">
      <Option name="name" type="QString" value=""/>
      <Option name="properties"/>
      <Option name="type" type="QString" value="collection"/>
    </Option>
  </pipe-data-defined-properties>
  <pipe>
    <provider>
      <resampling maxOversampling="2" enabled="false" zoomedInResamplingMethod="nearestNeighbour" zoomedOutResamplingMethod="nearestNeighbour"/>
    </provider>
    <rasterrenderer opacity="1" type="singlebandpseudocolor" band="1" classificationMin="14" classificationMax="36" alphaBand="-1" nodataColor="">
      <minMaxOrigin>
        <limits>None</limits>
        <extent>WholeRaster</extent>
        <statAccuracy>Estimated</statAccuracy>
        <cumulativeCutLower>0.02</cumulativeCutLower>
        <cumulativeCutUpper>0.98</cumulativeCutUpper>
        <stdDevFactor>2</stdDevFactor>
      </minMaxOrigin>
      <rastershader>
        <colorrampshader classificationMode="1" maximumValue="36" colorRampType="INTERPOLATED" labelPrecision="6" clip="0" minimumValue="14">
          <colorramp name="[source]" type="gradient">
            <Option type="Map">
              <Option name="color1" type="QString" value="68,1,84,255"/>
              <Option name="color2" type="QString" value="253,231,37,255"/>
              <Option name="discrete" type="QString" value="0"/>
              <Option name="rampType" type="QString" value="gradient"/>
              <Option name="stops" type="QString" value="0.0196078;70,8,92,255:0.0392157;71,16,99,255:0.0588235;72,23,105,255:0.0784314;72,29,111,255:0.0980392;72,36,117,255:0.117647;71,42,122,255:0.137255;70,48,126,255:0.156863;69,55,129,255:0.176471;67,61,132,255:0.196078;65,66,135,255:0.215686;63,72,137,255:0.235294;61,78,138,255:0.254902;58,83,139,255:0.27451;56,89,140,255:0.294118;53,94,141,255:0.313725;51,99,141,255:0.333333;49,104,142,255:0.352941;46,109,142,255:0.372549;44,113,142,255:0.392157;42,118,142,255:0.411765;41,123,142,255:0.431373;39,128,142,255:0.45098;37,132,142,255:0.470588;35,137,142,255:0.490196;33,142,141,255:0.509804;32,146,140,255:0.529412;31,151,139,255:0.54902;30,156,137,255:0.568627;31,161,136,255:0.588235;33,165,133,255:0.607843;36,170,131,255:0.627451;40,174,128,255:0.647059;46,179,124,255:0.666667;53,183,121,255:0.686275;61,188,116,255:0.705882;70,192,111,255:0.72549;80,196,106,255:0.745098;90,200,100,255:0.764706;101,203,94,255:0.784314;112,207,87,255:0.803922;124,210,80,255:0.823529;137,213,72,255:0.843137;149,216,64,255:0.862745;162,218,55,255:0.882353;176,221,47,255:0.901961;189,223,38,255:0.921569;202,225,31,255:0.941176;216,226,25,255:0.960784;229,228,25,255:0.980392;241,229,29,255"/>
            </Option>
            <prop v="68,1,84,255" k="color1"/>
            <prop v="253,231,37,255" k="color2"/>
            <prop v="0" k="discrete"/>
            <prop v="gradient" k="rampType"/>
            <prop v="0.0196078;70,8,92,255:0.0392157;71,16,99,255:0.0588235;72,23,105,255:0.0784314;72,29,111,255:0.0980392;72,36,117,255:0.117647;71,42,122,255:0.137255;70,48,126,255:0.156863;69,55,129,255:0.176471;67,61,132,255:0.196078;65,66,135,255:0.215686;63,72,137,255:0.235294;61,78,138,255:0.254902;58,83,139,255:0.27451;56,89,140,255:0.294118;53,94,141,255:0.313725;51,99,141,255:0.333333;49,104,142,255:0.352941;46,109,142,255:0.372549;44,113,142,255:0.392157;42,118,142,255:0.411765;41,123,142,255:0.431373;39,128,142,255:0.45098;37,132,142,255:0.470588;35,137,142,255:0.490196;33,142,141,255:0.509804;32,146,140,255:0.529412;31,151,139,255:0.54902;30,156,137,255:0.568627;31,161,136,255:0.588235;33,165,133,255:0.607843;36,170,131,255:0.627451;40,174,128,255:0.647059;46,179,124,255:0.666667;53,183,121,255:0.686275;61,188,116,255:0.705882;70,192,111,255:0.72549;80,196,106,255:0.745098;90,200,100,255:0.764706;101,203,94,255:0.784314;112,207,87,255:0.803922;124,210,80,255:0.823529;137,213,72,255:0.843137;149,216,64,255:0.862745;162,218,55,255:0.882353;176,221,47,255:0.901961;189,223,38,255:0.921569;202,225,31,255:0.941176;216,226,25,255:0.960784;229,228,25,255:0.980392;241,229,29,255" k="stops"/>
          </colorramp>
          <item label="14" alpha="255" color="#440154" value="14"/>
          <item label="14.4" alpha="255" color="#46085c" value="14.4313716"/>
          <item label="14.9" alpha="255" color="#471063" value="14.8627454"/>
          <item label="15.3" alpha="255" color="#481769" value="15.294117"/>
          <item label="15.7" alpha="255" color="#481d6f" value="15.7254908"/>
          <item label="16.2" alpha="255" color="#482475" value="16.1568624"/>
          <item label="16.6" alpha="255" color="#472a7a" value="16.588234"/>
          <item label="17" alpha="255" color="#46307e" value="17.01961"/>
          <item label="17.5" alpha="255" color="#453781" value="17.450986"/>
          <item label="17.9" alpha="255" color="#433d84" value="17.882362"/>
          <item label="18.3" alpha="255" color="#414287" value="18.313716"/>
          <item label="18.7" alpha="255" color="#3f4889" value="18.745092"/>
          <item label="19.2" alpha="255" color="#3d4e8a" value="19.176468"/>
          <item label="19.6" alpha="255" color="#3a538b" value="19.607844"/>
          <item label="20" alpha="255" color="#38598c" value="20.03922"/>
          <item label="20.5" alpha="255" color="#355e8d" value="20.470596"/>
          <item label="20.9" alpha="255" color="#33638d" value="20.90195"/>
          <item label="21.3" alpha="255" color="#31688e" value="21.333326"/>
          <item label="21.8" alpha="255" color="#2e6d8e" value="21.764702"/>
          <item label="22.2" alpha="255" color="#2c718e" value="22.196078"/>
          <item label="22.6" alpha="255" color="#2a768e" value="22.627454"/>
          <item label="23.1" alpha="255" color="#297b8e" value="23.05883"/>
          <item label="23.5" alpha="255" color="#27808e" value="23.490206"/>
          <item label="23.9" alpha="255" color="#25848e" value="23.92156"/>
          <item label="24.4" alpha="255" color="#23898e" value="24.352936"/>
          <item label="24.8" alpha="255" color="#218e8d" value="24.784312"/>
          <item label="25.2" alpha="255" color="#20928c" value="25.215688"/>
          <item label="25.6" alpha="255" color="#1f978b" value="25.647064"/>
          <item label="26.1" alpha="255" color="#1e9c89" value="26.07844"/>
          <item label="26.5" alpha="255" color="#1fa188" value="26.509794"/>
          <item label="26.9" alpha="255" color="#21a585" value="26.94117"/>
          <item label="27.4" alpha="255" color="#24aa83" value="27.372546"/>
          <item label="27.8" alpha="255" color="#28ae80" value="27.803922"/>
          <item label="28.2" alpha="255" color="#2eb37c" value="28.235298"/>
          <item label="28.7" alpha="255" color="#35b779" value="28.666674"/>
          <item label="29.1" alpha="255" color="#3dbc74" value="29.09805"/>
          <item label="29.5" alpha="255" color="#46c06f" value="29.529404"/>
          <item label="30" alpha="255" color="#50c46a" value="29.96078"/>
          <item label="30.4" alpha="255" color="#5ac864" value="30.392156"/>
          <item label="30.8" alpha="255" color="#65cb5e" value="30.823532"/>
          <item label="31.3" alpha="255" color="#70cf57" value="31.254908"/>
          <item label="31.7" alpha="255" color="#7cd250" value="31.686284"/>
          <item label="32.1" alpha="255" color="#89d548" value="32.117638"/>
          <item label="32.5" alpha="255" color="#95d840" value="32.549014"/>
          <item label="33" alpha="255" color="#a2da37" value="32.98039"/>
          <item label="33.4" alpha="255" color="#b0dd2f" value="33.411766"/>
          <item label="33.8" alpha="255" color="#bddf26" value="33.843142"/>
          <item label="34.3" alpha="255" color="#cae11f" value="34.274518"/>
          <item label="34.7" alpha="255" color="#d8e219" value="34.705872"/>
          <item label="35.1" alpha="255" color="#e5e419" value="35.137248"/>
          <item label="35.6" alpha="255" color="#f1e51d" value="35.568624"/>
          <item label="36" alpha="255" color="#fde725" value="36"/>
          <rampLegendSettings suffix="" prefix="" maximumLabel="≥ 36" minimumLabel="≤ 14" direction="0" orientation="2" useContinuousLegend="1">
            <numericFormat id="basic">
              <Option type="Map">
                <Option name="decimal_separator" type="QChar" value=""/>
                <Option name="decimals" type="int" value="6"/>
                <Option name="rounding_type" type="int" value="0"/>
                <Option name="show_plus" type="bool" value="false"/>
                <Option name="show_thousand_separator" type="bool" value="true"/>
                <Option name="show_trailing_zeros" type="bool" value="false"/>
                <Option name="thousand_separator" type="QChar" value=""/>
              </Option>
            </numericFormat>
          </rampLegendSettings>
        </colorrampshader>
      </rastershader>
    </rasterrenderer>
    <brightnesscontrast contrast="0" gamma="1" brightness="0"/>
    <huesaturation saturation="0" colorizeStrength="100" invertColors="0" colorizeGreen="128" colorizeBlue="128" grayscaleMode="0" colorizeRed="255" colorizeOn="0"/>
    <rasterresampler maxOversampling="2"/>
    <resamplingStage>resamplingFilter</resamplingStage>
  </pipe>
  <blendMode>0</blendMode>
</qgis>
